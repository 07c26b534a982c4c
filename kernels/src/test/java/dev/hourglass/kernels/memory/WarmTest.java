package dev.hourglass.kernels.memory;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A test of what the compiler makes of a kernel. Surefire gives each class a process of its own for
 * these: what other tests did to a method's profile, on a busy machine, decides whether vectors are
 * boxed.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@Tag("warm")
public @interface WarmTest {}
