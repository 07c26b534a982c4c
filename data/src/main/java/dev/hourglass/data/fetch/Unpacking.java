package dev.hourglass.data.fetch;

import java.io.IOException;
import java.nio.file.Path;

/** Makes a set of the file of a package. */
interface Unpacking {

  /**
   * Writes the set; again over what an earlier run left behind.
   *
   * @param packed the package, a tar file packed with gzip
   * @param folder for the files of the set
   * @throws IOException if the package is not as expected
   */
  void unpack(Path packed, Path folder) throws IOException;
}
