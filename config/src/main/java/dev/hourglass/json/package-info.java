/** JSON text, and typed values of its objects; what cannot be read is named by its path. */
package dev.hourglass.json;
