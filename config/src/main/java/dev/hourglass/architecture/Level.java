package dev.hourglass.architecture;

/** A level outside of the innermost: its layers on the way down and up, and the ways in and out. */
public record Level(Stack down, PatchMerge merge, Join join, Stack up) {}
