package io.harveymq.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlabAllocatorTest {
  @Test
  void moreBlocksThanASlabHasAreRefusedAndNothingIsTaken() {
    SlabAllocator allocator = new SlabAllocator();
    allocator.addSlab();
    assertThatThrownBy(() -> allocator.allocate(Extent.SLAB_BLOCKS + 1, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(allocator.usedBlocks()).isZero();
    assertThat(allocator.allocate(Extent.SLAB_BLOCKS, true)).isNotZero();
  }
}
