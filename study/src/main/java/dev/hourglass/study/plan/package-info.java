/** The study file: what is compared, on what, for how long, and the cells that come of it. */
package dev.hourglass.study.plan;
