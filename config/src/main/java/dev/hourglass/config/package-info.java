/**
 * The config file: what a model is, what it is trained on and how. {@link
 * dev.hourglass.config.Config} reads and writes the authors' JSON form; every value is typed, every
 * default is explicit, and an object of these types is valid by construction.
 */
package dev.hourglass.config;
