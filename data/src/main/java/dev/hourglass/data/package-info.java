/**
 * Images on disk to deterministic batches of floats.
 *
 * <p>An {@link dev.hourglass.data.sets.ImageDataset} decodes single images; a {@link
 * dev.hourglass.data.BatchLoader} shuffles, fits, augments and batches them in parallel. What a
 * batch holds depends on the files, the settings and the position in the run alone, so a run can
 * resume anywhere without replaying what came before.
 */
package dev.hourglass.data;
