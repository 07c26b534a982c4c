/** Random numbers that are functions of what they are for. */
package dev.hourglass.core.random;
