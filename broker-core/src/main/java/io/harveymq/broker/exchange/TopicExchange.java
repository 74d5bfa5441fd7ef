package io.harveymq.broker.exchange;

import io.harveymq.codec.BasicProperties;

/** Matches binding patterns of words, {@code *} and {@code #}. Owned by the vhost's home loop. */
final class TopicExchange extends Exchange {
  private TopicTrie trie;

  TopicExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    if (trie != null) {
      trie.match(routingKey, into);
    }
  }

  @Override
  void added(Binding binding) {
    if (trie == null) {
      trie = new TopicTrie();
    }
    trie.add(binding);
  }

  @Override
  void removed(Binding binding) {
    trie.remove(binding);
    if (trie.isEmpty()) {
      trie = null;
    }
  }
}
