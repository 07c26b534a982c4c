/** What a model costs: parameters, multiply-accumulates and memory, without building it. */
package dev.hourglass.config.cost;
