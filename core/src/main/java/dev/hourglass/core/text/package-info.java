/** Advice on misspelt words. */
package dev.hourglass.core.text;
