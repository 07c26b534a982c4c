/** The files of a run, and which of its checkpoints is the newest. */
package dev.hourglass.training.folder;
