/** The hourglass transformer: weights, layers, conditioning. */
package dev.hourglass.model;
