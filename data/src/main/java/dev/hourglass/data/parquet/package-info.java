/** Parquet files of images, as the Hugging Face hub lays them out. */
package dev.hourglass.data.parquet;
