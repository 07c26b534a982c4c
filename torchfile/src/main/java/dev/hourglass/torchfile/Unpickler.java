package dev.hourglass.torchfile;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.TensorNames;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A reader of pickles that cannot run code. A pickle is a program for a stack machine, and Python's
 * own reader lets it call any function; here it makes numbers, text, lists, dictionaries and the
 * {@link Globals} and nothing else, and all it asks for beyond that is refused by name.
 *
 * <p>Values are Java's: {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean}, {@code
 * String}, {@code byte[]}, {@link None}, {@code List} for lists and tuples, {@code Map}, and what
 * {@link Globals} make. They may hold themselves, so nobody may ask them for a hash or a text.
 */
final class Unpickler {

  private static final Object MARK = new Object();
  private static final int HIGHEST_PROTOCOL = 5;

  /** Ten times what the largest real checkpoints need; bounds what a hostile one can cost. */
  private static final int MAX_OPERATIONS = 5_000_000;

  private final Path file;
  private final PickleInput in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private Unpickler(Path file, ByteBuffer pickle) {
    this.file = file;
    this.in = new PickleInput(pickle);
  }

  /**
   * Reads the one value of a pickle.
   *
   * @param file only for messages
   * @throws InputException if the pickle is damaged, or asks for more than data
   */
  static Object load(Path file, ByteBuffer pickle) {
    return new Unpickler(file, pickle).load();
  }

  private Object load() {
    try {
      for (int i = 0; i < MAX_OPERATIONS; i++) {
        int opcode = in.unsignedByte();
        if (opcode == '.') {
          return pop();
        }
        execute(opcode);
      }
    } catch (BufferUnderflowException e) {
      throw damaged("it ends too early", e);
    } catch (ClassCastException | IndexOutOfBoundsException | NoSuchElementException e) {
      throw damaged("it holds the wrong values before byte " + in.position(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw damaged("it holds %s before byte %d".formatted(e.getMessage(), in.position()), e);
    }
    throw new InputException(
        "%s: its pickle takes more than %d operations, far more than a checkpoint needs; it is not read further."
            .formatted(file, MAX_OPERATIONS));
  }

  private void execute(int opcode) {
    switch (opcode) {
      case 0x80 -> requireProtocol(in.unsignedByte());
      case 0x95 -> in.signedLong(); // The length of a frame, for those who read ahead.
      case '(' -> push(MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(stack.getLast());
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'I' -> push(integerLine(in.line()));
      case 'J' -> push((long) in.signedInt());
      case 'K' -> push((long) in.unsignedByte());
      case 'M' -> push((long) in.unsignedShort());
      case 'L' -> push(Long.parseLong(in.line().replace("L", "")));
      case 0x8a -> push(in.integer(in.unsignedByte()));
      case 0x8b -> push(in.integer(in.signedInt()));
      case 'F' -> push(Double.parseDouble(in.line()));
      case 'G' -> push(in.bigEndianDouble());
      case 'S', 'V' -> push(in.line());
      case 'X' -> push(in.utf8(in.unsignedInt()));
      case 0x8c -> push(in.utf8(in.unsignedByte()));
      case 0x8d -> push(in.utf8(in.signedLong()));
      case 'T', 'B' -> push(in.latin1(in.unsignedInt()));
      case 'U', 'C' -> push(in.latin1(in.unsignedByte()));
      case 0x8e, 0x96 -> push(in.latin1(in.signedLong()));
      case 'p' -> memo.put(Long.parseLong(in.line()), stack.getLast());
      case 'q' -> memo.put((long) in.unsignedByte(), stack.getLast());
      case 'r' -> memo.put(in.unsignedInt(), stack.getLast());
      case 0x94 -> memo.put((long) memo.size(), stack.getLast());
      case 'g' -> push(remembered(Long.parseLong(in.line())));
      case 'h' -> push(remembered(in.unsignedByte()));
      case 'j' -> push(remembered(in.unsignedInt()));
      default -> executeOnCollections(opcode);
    }
  }

  private void executeOnCollections(int opcode) {
    switch (opcode) {
      case ')' -> push(List.of());
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 't' -> push(Collections.unmodifiableList(popToMark()));
      case ']' -> push(new ArrayList<>());
      case 'l' -> push(popToMark());
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(popToMark());
      case '}' -> push(new LinkedHashMap<>());
      case 'd' -> {
        List<Object> items = popToMark();
        push(new LinkedHashMap<>());
        setItems(items);
      }
      case 's' -> setItems(tuple(2));
      case 'u' -> setItems(popToMark());
      default -> executeOnObjects(opcode);
    }
  }

  private void executeOnObjects(int opcode) {
    switch (opcode) {
      case 'c' -> {
        String module = in.line();
        push(global(module, in.line()));
      }
      case 0x93 -> {
        List<Object> names = tuple(2);
        push(global((String) names.get(0), (String) names.get(1)));
      }
      case 'i' -> {
        String module = in.line();
        global(module, in.line());
        throw refused("makes an object the way Python 2 did");
      }
      case 'R' -> {
        List<Object> call = tuple(2);
        push(((Globals.Callable) call.get(0)).call((List<?>) call.get(1)));
      }
      case 'b' -> {
        pop(); // The attributes of a dictionary: versions of PyTorch's modules.
        if (!(stack.getLast() instanceof Map)) {
          throw refused("sets the state of an object that is no dictionary");
        }
      }
      case 'Q' -> push(storage((List<?>) pop()));
      case 'o', 0x81, 0x92 -> throw refused("makes an object of a class");
      case 0x82, 0x83, 0x84 -> throw refused("calls a registered extension");
      case 'P' -> throw refused("refers to an object outside of it by text");
      case 0x97, 0x98 -> throw refused("refers to memory outside of it");
      default -> throw refused("has the operation 0x%02x".formatted(opcode));
    }
  }

  private void requireProtocol(int protocol) {
    if (protocol > HIGHEST_PROTOCOL) {
      throw new IllegalArgumentException("the unknown pickle protocol %d".formatted(protocol));
    }
  }

  private Object global(String module, String name) {
    return Globals.find(module, name)
        .orElseThrow(() -> refused("refers to " + TensorNames.quote(module + "." + name)));
  }

  /** What PyTorch leaves out of the pickle: ("storage", type, key, device, elements). */
  private static Storage storage(List<?> id) {
    if (!"storage".equals(id.getFirst())) {
      throw new IllegalArgumentException("a reference that is no storage");
    }
    return Storage.of((String) id.get(2), ((StorageType) id.get(1)).dtype(), (Long) id.get(4));
  }

  private static Object integerLine(String text) {
    return switch (text) {
      case "00" -> false;
      case "01" -> true;
      default -> Long.parseLong(text);
    };
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() {
    Object value = stack.isEmpty() ? MARK : stack.removeLast();
    if (value == MARK) {
      throw new IllegalArgumentException("an operation without a value to work on");
    }
    return value;
  }

  private List<Object> tuple(int size) {
    Object[] items = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      items[i] = pop();
    }
    return List.of(items);
  }

  private List<Object> popToMark() {
    int mark = stack.size() - 1;
    while (mark >= 0 && stack.get(mark) != MARK) {
      mark--;
    }
    if (mark < 0) {
      throw new IllegalArgumentException("a collection without a beginning");
    }
    List<Object> above = stack.subList(mark + 1, stack.size());
    List<Object> items = new ArrayList<>(above);
    stack.subList(mark, stack.size()).clear();
    return items;
  }

  @SuppressWarnings("unchecked") // Lists and maps made here hold objects.
  private void append(List<Object> items) {
    if (!(stack.getLast() instanceof ArrayList<?> list)) {
      throw new IllegalArgumentException("an addition to what is no list");
    }
    ((ArrayList<Object>) list).addAll(items);
  }

  @SuppressWarnings("unchecked")
  private void setItems(List<Object> items) {
    Map<Object, Object> map = (Map<Object, Object>) stack.getLast();
    for (int i = 0; i < items.size(); i += 2) {
      map.put(key(items.get(i)), items.get(i + 1));
    }
  }

  /** Keys are numbers, text or None: others could hold themselves, and so have no hash. */
  static Object key(Object key) {
    if (key instanceof String
        || key instanceof Number
        || key instanceof Boolean
        || key instanceof None) {
      return key;
    }
    throw new IllegalArgumentException("a key that is neither text nor number");
  }

  private Object remembered(long number) {
    Object value = memo.get(number);
    if (value == null) {
      throw new IllegalArgumentException("a reference to nothing");
    }
    return value;
  }

  private InputException refused(String what) {
    return new InputException(
        "%s is not read: it %s, which no checkpoint of weights needs and which may be an attack; nothing in it was run; have its owner save state dicts and config only."
            .formatted(file, what));
  }

  private InputException damaged(String reason, Exception cause) {
    return new InputException(
        "%s is damaged: its pickle cannot be read, %s; copy or download it again."
            .formatted(file, reason),
        cause);
  }
}
