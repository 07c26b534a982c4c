/** What there is to know about a set of images before a model is trained on it. */
package dev.hourglass.data.inspect;
