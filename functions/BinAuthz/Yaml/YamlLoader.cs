using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BinAuthz.Yaml;

/// <summary>Reads one YAML document event by event, keeping what object mappers lose: places, duplicates and quotes.</summary>
internal sealed class YamlLoader
{
    private const int MaximumDepth = 32;
    private const string NotUsed = "Anchors, aliases and tags are not used here.";

    private readonly Parser parser;

    private YamlLoader(string yaml) => parser = new Parser(new StringReader(yaml));

    /// <summary>The document's value.</summary>
    /// <exception cref="YamlException">The text is not YAML, holds several documents, or uses anchors, aliases or tags.</exception>
    public static YamlValue? Load(string yaml)
    {
        var loader = new YamlLoader(yaml);
        try
        {
            return loader.Document();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser gives up so on some texts that are not YAML, instead of telling where.
            var at = loader.parser.Current;
            throw new YamlException(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, "What follows here cannot be understood.", e);
        }
    }

    private YamlValue? Document()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var value = Value(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            throw new YamlException(second.Start, second.End, "A second document starts here; a file holds one.");
        }

        return value;
    }

    private YamlValue Value(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            throw new YamlException(alias.Start, alias.End, NotUsed);
        }

        var next = parser.Consume<NodeEvent>();
        if (!next.Anchor.IsEmpty || !next.Tag.IsEmpty)
        {
            throw new YamlException(next.Start, next.End, NotUsed);
        }

        if (depth > MaximumDepth)
        {
            throw new YamlException(next.Start, next.End, "The document is nested too deeply.");
        }

        var (line, column) = ((int)next.Start.Line, (int)next.Start.Column);
        return next switch
        {
            Scalar scalar => new YamlValue.Scalar(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => new YamlValue.Sequence(line, column, Items(depth)),
            _ => new YamlValue.Mapping(line, column, Entries(depth)),
        };
    }

    private List<YamlValue> Items(int depth)
    {
        var items = new List<YamlValue>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value(depth + 1));
        }

        return items;
    }

    private List<KeyValuePair<YamlValue, YamlValue>> Entries(int depth)
    {
        var entries = new List<KeyValuePair<YamlValue, YamlValue>>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Value(depth + 1);
            entries.Add(KeyValuePair.Create(key, Value(depth + 1)));
        }

        return entries;
    }
}
