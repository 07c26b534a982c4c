/** What picture files are made of, read with every bound checked. */
package dev.hourglass.data.image.blocks;
