/** The bytes of tar files, and names of their entries as WebDataset reads them. */
package dev.hourglass.data.tar;
