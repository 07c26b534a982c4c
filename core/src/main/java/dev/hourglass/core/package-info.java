/** What all modules share: errors that the user can cure, files, random streams, text. */
package dev.hourglass.core;
