/**
 * Sets of images as people keep them: folders, tar files, idx, CIFAR.
 *
 * <p>{@link dev.hourglass.data.sets.ImageDataset#open} chooses the files by one rule for all kinds
 * and says in a {@link dev.hourglass.data.sets.SetReport} what it chose and what it passed over.
 */
package dev.hourglass.data.sets;
