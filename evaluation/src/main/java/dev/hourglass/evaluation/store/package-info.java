/** Features of whole sets in files: sums that merge, and features that are kept. */
package dev.hourglass.evaluation.store;
