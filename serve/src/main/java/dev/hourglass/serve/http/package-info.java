/** The HTTP side: routes, answers, events, keys, metrics and the page. */
package dev.hourglass.serve.http;
