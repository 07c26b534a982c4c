/** Files that are whole or absent. */
package dev.hourglass.core.files;
