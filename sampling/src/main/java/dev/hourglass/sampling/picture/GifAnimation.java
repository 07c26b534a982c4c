package dev.hourglass.sampling.picture;

import dev.hourglass.core.files.AtomicFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** GIF files by ImageIO, which chooses the colours of each frame. */
final class GifAnimation {

  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  /** Of the application extension that browsers ask for the number of repeats: 0 is for ever. */
  private static final byte[] FOR_EVER = {1, 0, 0};

  private GifAnimation() {}

  static void write(Animation animation, Path file) {
    AtomicFiles.write(file, temporary -> writeNow(animation, temporary));
  }

  private static void writeNow(Animation animation, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (OutputStream bytes = Files.newOutputStream(file);
        ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int i = 0; i < animation.frames().size(); i++) {
        BufferedImage frame = animation.frames().get(i);
        writer.writeToSequence(
            new IIOImage(frame, null, metadata(writer, frame, i == 0, animation.millisOf(i))),
            null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
  }

  private static IIOMetadata metadata(
      ImageWriter writer, BufferedImage frame, boolean first, int millis) throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(
            ImageTypeSpecifier.createFromRenderedImage(frame), writer.getDefaultWriteParam());
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("transparentColorIndex", "0");
    control.setAttribute("delayTime", Integer.toString(Math.max(1, millis / 10)));
    root.appendChild(control);
    if (first) {
      IIOMetadataNode application = new IIOMetadataNode("ApplicationExtension");
      application.setAttribute("applicationID", "NETSCAPE");
      application.setAttribute("authenticationCode", "2.0");
      application.setUserObject(FOR_EVER);
      IIOMetadataNode applications = new IIOMetadataNode("ApplicationExtensions");
      applications.appendChild(application);
      root.appendChild(applications);
    }
    metadata.mergeTree(FORMAT, root);
    return metadata;
  }
}
