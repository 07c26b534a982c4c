/** What is asked for over HTTP, checked, as what the generator draws. */
package dev.hourglass.serve.request;
