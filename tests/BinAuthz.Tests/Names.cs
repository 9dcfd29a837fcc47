using FsCheck;
using FsCheck.Fluent;

namespace BinAuthz.Tests;

public sealed record ImageName(string Value);

public sealed record TagName(string Value);

public sealed record NearPattern(string Value);

public sealed record NearImage(string Value);

public sealed record Identifier(string Value);

/// <summary>Generates names by their grammar, and patterns and images that are alike enough to meet.</summary>
public static class Names
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static Arbitrary<ImageName> ImageNames()
    {
        var component = from head in Word(Lower, 6)
                        from tail in (from separator in Gen.Elements(".", "_", "__", "-", "--") from word in Word(Lower, 4) select separator + word).ArrayOf(2)
                        from count in Gen.Choose(0, 2)
                        select head + string.Concat(tail.Take(count));
        var registry = Gen.Elements("gcr.io", "us-central1-docker.pkg.dev", "localhost:5000", "127.0.0.1:80", "Registry.Example.com:65535");
        return (from host in registry
                from depth in Gen.Choose(1, 4)
                from path in component.ArrayOf(depth)
                select new ImageName($"{host}/{string.Join('/', path)}")).ToArbitrary();
    }

    public static Arbitrary<TagName> TagNames() =>
        (from head in Word(Lower + "ABCXYZ_", 1) from tail in Word(Lower + "ABCXYZ_.-", 20) select new TagName(head + tail)).ToArbitrary();

    public static Arbitrary<Identifier> Identifiers() =>
        (from head in Word("abcXYZ", 1) from tail in Word(Lower + "ABC_-", 20) select new Identifier(head + tail)).ToArbitrary();

    public static Arbitrary<NearPattern> NearPatterns() =>
        (from path in Path() from end in Gen.Elements("", "*", "**", "/*", "/**", "a*", "a**") select new NearPattern(path + end)).ToArbitrary();

    public static Arbitrary<NearImage> NearImages() =>
        (from path in Path() from end in Gen.Elements("", ":a", "@a", "/a", "a", "/a/a:a") select new NearImage(path + end)).ToArbitrary();

    // Few letters and short segments, so that prefixes coincide often.
    private static Gen<string> Path() =>
        from depth in Gen.Choose(1, 3)
        from segments in Word("ab", 2).ArrayOf(depth)
        select "g.io/" + string.Join('/', segments);

    private static Gen<string> Word(string characters, int maximum) =>
        from length in Gen.Choose(1, maximum)
        from letters in Gen.Elements(characters.ToCharArray()).ArrayOf(length)
        select new string(letters);
}
