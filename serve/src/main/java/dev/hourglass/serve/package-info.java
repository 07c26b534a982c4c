/** An image server: models, drawn from by many at once, over HTTP. */
package dev.hourglass.serve;
