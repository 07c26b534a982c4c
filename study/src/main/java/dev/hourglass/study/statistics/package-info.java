/** What the numbers of a few seeds say: means, paired differences, and which of them are chance. */
package dev.hourglass.study.statistics;
