/** The models that are served: loading, ready or failed. */
package dev.hourglass.serve.model;
