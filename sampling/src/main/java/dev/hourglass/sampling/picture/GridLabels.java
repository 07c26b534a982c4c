package dev.hourglass.sampling.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.text.AttributedString;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Labels as wide as the images above them: wrapped between words, in smaller letters where a word
 * is too wide, and within a word where even that is not enough. Nothing is ever cut off.
 */
public final class GridLabels {

  private static final int LARGEST_FONT = 10;
  private static final int SMALLEST_FONT = 7;
  private static final int LINE_HEIGHT = 12;
  private static final int MARGIN = 2;
  private static final int BASELINE = 10;
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private final List<List<TextLayout>> labels;
  private final int width;

  private GridLabels(List<List<TextLayout>> labels, int width) {
    this.labels = labels;
    this.width = width;
  }

  /** No labels, no height. */
  public static GridLabels none() {
    return new GridLabels(List.of(), 0);
  }

  /** Lays labels out; there are none on a machine without any font. */
  public static GridLabels of(List<String> texts, int width) {
    try {
      return new GridLabels(
          texts.stream()
              .map(text -> lines(text.replaceAll("\\p{Cntrl}", " ").strip(), width))
              .toList(),
          width);
    } catch (RuntimeException | Error e) {
      // The JDK throws InternalError or RuntimeException where fontconfig finds nothing.
      return none();
    }
  }

  /** Pixels below each image. */
  public int height() {
    return labels.isEmpty()
        ? 0
        : MARGIN + LINE_HEIGHT * labels.stream().mapToInt(List::size).max().orElseThrow();
  }

  /** Draws a label, its upper left corner at (x, y), its lines centred. */
  public void draw(Graphics2D canvas, int label, int x, int y) {
    if (labels.isEmpty()) {
      return;
    }
    canvas.setColor(Color.DARK_GRAY);
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    List<TextLayout> lines = labels.get(label);
    for (int i = 0; i < lines.size(); i++) {
      TextLayout line = lines.get(i);
      float indent = Math.max(0, (width - line.getVisibleAdvance()) / 2);
      line.draw(canvas, x + indent, y + BASELINE + i * LINE_HEIGHT);
    }
  }

  private static List<TextLayout> lines(String text, int width) {
    List<TextLayout> lines = new ArrayList<>();
    if (text.isEmpty()) {
      return lines;
    }
    AttributedString attributed = new AttributedString(text);
    attributed.addAttribute(TextAttribute.FONT, font(text, width));
    LineBreakMeasurer measurer = new LineBreakMeasurer(attributed.getIterator(), CONTEXT);
    while (measurer.getPosition() < text.length()) {
      lines.add(measurer.nextLayout(width));
    }
    return lines;
  }

  /** The largest in which every word fits, or the smallest there is. */
  private static Font font(String text, int width) {
    List<String> words = words(text);
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, LARGEST_FONT);
    for (int size = LARGEST_FONT; size > SMALLEST_FONT; size--) {
      Font candidate = font.deriveFont((float) size);
      if (words.stream().allMatch(word -> advance(word, candidate) <= width)) {
        return candidate;
      }
    }
    return font.deriveFont((float) SMALLEST_FONT);
  }

  private static float advance(String word, Font font) {
    return new TextLayout(word, font, CONTEXT).getAdvance();
  }

  /** What stays together on a line. */
  private static List<String> words(String text) {
    BreakIterator breaks = BreakIterator.getLineInstance(Locale.ROOT);
    breaks.setText(text);
    List<String> words = new ArrayList<>();
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      words.add(text.substring(start, end).strip());
      start = end;
    }
    return words.stream().filter(word -> !word.isEmpty()).toList();
  }
}
