/** What the other modules' tests share; no program depends on it. */
package dev.hourglass.testing;
