/** What a cell leaves behind: all that a report needs. */
package dev.hourglass.study.result;
