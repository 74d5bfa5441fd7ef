package io.harveymq.broker.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Topic patterns as a trie with a level per word: {@code *} stands for exactly one word, {@code #}
 * for any number of them, none included. Words are what stands between dots, so {@code a..b} has an
 * empty word in the middle; only the empty key has no words at all (RabbitMQ's rule).
 *
 * <p>A match walks the words once and keeps the set of nodes reached so far, each at most once, so
 * its cost is bounded by words times nodes, whatever the patterns. Owned by the vhost's home loop.
 */
final class TopicTrie {
  private final Node root = new Node(false);
  private List<Node> reached = new ArrayList<>();
  private List<Node> next = new ArrayList<>();
  private long step;

  boolean isEmpty() {
    return root.isEmpty();
  }

  /** The binding must not be in here yet. */
  void add(Binding binding) {
    String pattern = binding.routingKey();
    Node node = root;
    for (int start = firstWord(pattern); start >= 0; start = nextWord(pattern, start)) {
      node = node.childCreated(word(pattern, start));
    }
    if (node.bindings == null) {
      node.bindings = new BindingSlot(binding);
    } else {
      node.bindings.add(binding);
    }
  }

  /** The binding must be in here. Nodes that nothing needs any more go with it. */
  void remove(Binding binding) {
    remove(root, binding, firstWord(binding.routingKey()));
  }

  private static void remove(Node node, Binding binding, int start) {
    if (start < 0) {
      if (node.bindings.removeAndIsEmpty(binding)) {
        node.bindings = null;
      }
      return;
    }
    String pattern = binding.routingKey();
    String word = word(pattern, start);
    Node child = node.child(word);
    remove(child, binding, nextWord(pattern, start));
    if (child.isEmpty()) {
      node.drop(word);
    }
  }

  void match(String routingKey, Matches into) {
    assert reached.isEmpty() : "match within a match";
    step++;
    reach(root, reached);
    for (int start = firstWord(routingKey);
        start >= 0 && !reached.isEmpty();
        start = nextWord(routingKey, start)) {
      advance(word(routingKey, start));
    }
    for (int i = 0; i < reached.size(); i++) {
      BindingSlot bindings = reached.get(i).bindings;
      if (bindings != null) {
        bindings.addTo(into);
      }
    }
    reached.clear();
    next.clear();
  }

  /** From the nodes reached before the word to those reached after it. */
  private void advance(String word) {
    next.clear();
    step++;
    for (int i = 0; i < reached.size(); i++) {
      Node node = reached.get(i);
      if (node.isHash) {
        reach(node, next);
      }
      if (node.words != null) {
        Node child = node.words.get(word);
        if (child != null) {
          reach(child, next);
        }
      }
      if (node.star != null) {
        reach(node.star, next);
      }
    }
    List<Node> swap = reached;
    reached = next;
    next = swap;
  }

  /** A node is reached together with the {@code #} below it, which may stand for no word. */
  private void reach(Node node, List<Node> nodes) {
    for (Node n = node; n != null && n.reachedAt != step; n = n.hash) {
      n.reachedAt = step;
      nodes.add(n);
    }
  }

  /** Where the first word starts, or -1 when there is none. */
  private static int firstWord(String key) {
    return key.isEmpty() ? -1 : 0;
  }

  /** Where the word after the one at {@code start} starts, or -1 when that was the last. */
  private static int nextWord(String key, int start) {
    int dot = key.indexOf('.', start);
    return dot < 0 ? -1 : dot + 1;
  }

  private static String word(String key, int start) {
    int dot = key.indexOf('.', start);
    return dot < 0 ? key.substring(start) : key.substring(start, dot);
  }

  private static final class Node {
    final boolean isHash;
    Map<String, Node> words;
    Node star;
    Node hash;
    BindingSlot bindings;
    long reachedAt;

    Node(boolean isHash) {
      this.isHash = isHash;
    }

    boolean isEmpty() {
      return words == null && star == null && hash == null && bindings == null;
    }

    Node child(String word) {
      return switch (word) {
        case "*" -> star;
        case "#" -> hash;
        default -> words == null ? null : words.get(word);
      };
    }

    Node childCreated(String word) {
      Node child = child(word);
      if (child != null) {
        return child;
      }
      child = new Node(word.equals("#"));
      switch (word) {
        case "*" -> star = child;
        case "#" -> hash = child;
        default -> {
          if (words == null) {
            words = new HashMap<>(2);
          }
          words.put(word, child);
        }
      }
      return child;
    }

    void drop(String word) {
      switch (word) {
        case "*" -> star = null;
        case "#" -> hash = null;
        default -> {
          words.remove(word);
          if (words.isEmpty()) {
            words = null;
          }
        }
      }
    }
  }
}
