using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BinAuthz.Admission;

/// <summary>
/// Reads YAML as Kubernetes' tools do, with anchors, aliases and merge keys, and JSON as a subset of it. Depth and what
/// aliases stand for are bounded, so that no text of a few lines becomes a billion values.
/// </summary>
internal sealed partial class ManifestLoader
{
    /// <summary>How deep values may be nested.</summary>
    public const int MaximumDepth = 100;

    /// <summary>How many values the aliases of one document may stand for.</summary>
    public const int MaximumExpansion = 100_000;

    private const string TextTag = "tag:yaml.org,2002:str";
    private readonly Parser parser;
    private readonly int lineOffset;
    private readonly Dictionary<AnchorName, ManifestNode> anchors = [];
    private int expanded;

    private ManifestLoader(string yaml, int firstLine)
    {
        parser = new Parser(new StringReader(yaml));
        lineOffset = firstLine - 1;
    }

    /// <summary>The values of all documents of a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="firstLine">The number of its first line in the file.</param>
    /// <exception cref="ManifestException">The text is not YAML, or beyond the bounds.</exception>
    public static IReadOnlyList<ManifestNode> Load(string yaml, int firstLine = 1)
    {
        var loader = new ManifestLoader(yaml, firstLine);
        try
        {
            return loader.Documents();
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            // On some texts the parser gives up instead of telling where.
            var at = e is YamlException known ? known.Start : loader.parser.Current?.Start ?? Mark.Empty;
            throw new ManifestException(loader.Line(at), Math.Max(1, (int)at.Column), $"It is not readable YAML: {e.Message}", e);
        }
    }

    private List<ManifestNode> Documents()
    {
        var documents = new List<ManifestNode>();
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            anchors.Clear();
            expanded = 0;
            documents.Add(Value(0));
            parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private ManifestNode Value(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias);
        }

        var next = parser.Consume<NodeEvent>();
        if (depth > MaximumDepth)
        {
            throw Refused(next, $"Values are nested deeper than {MaximumDepth}.");
        }

        ManifestNode node = next switch
        {
            Scalar scalar => new ManifestNode.Scalar(Line(next.Start), (int)next.Start.Column, scalar.Value, IsText(scalar)),
            SequenceStart => Items(next, depth),
            _ => Entries(next, depth),
        };
        if (!next.Anchor.IsEmpty)
        {
            anchors[next.Anchor] = node;
        }

        return node;
    }

    private ManifestNode Resolve(AnchorAlias alias)
    {
        if (!anchors.TryGetValue(alias.Value, out var target))
        {
            throw Refused(alias, $"The alias '*{alias.Value}' stands for nothing above it.");
        }

        return Expanded(alias, target);
    }

    private ManifestNode Expanded(ParsingEvent at, ManifestNode target)
    {
        expanded = target.Size > MaximumExpansion - expanded ? throw Refused(at, $"Aliases stand for more than {MaximumExpansion} values.") : expanded + target.Size;
        return target;
    }

    private ManifestNode.Sequence Items(NodeEvent start, int depth)
    {
        var items = new List<ManifestNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value(depth + 1));
        }

        return new ManifestNode.Sequence(Line(start.Start), (int)start.Start.Column, 1 + items.Sum(item => item.Size), items);
    }

    private ManifestNode.Mapping Entries(NodeEvent start, int depth)
    {
        var entries = new Dictionary<string, ManifestNode>(StringComparer.Ordinal);
        var merged = new List<ManifestNode>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyEvent = parser.Current!;
            var key = Value(depth + 1) as ManifestNode.Scalar ?? throw Refused(keyEvent, "A key must be a single value.");
            var value = Value(depth + 1);
            if (key is { Text: "<<", IsText: true } && keyEvent is Scalar { Style: ScalarStyle.Plain })
            {
                merged.AddRange(value is ManifestNode.Sequence several ? several.Items : [value]);
            }
            else if (!entries.TryAdd(key.Text, value))
            {
                throw Refused(keyEvent, $"The key '{key.Text}' stands twice.");
            }
        }

        // What is written wins over what is merged, and what is merged first over what comes later.
        foreach (var (key, value) in merged.OfType<ManifestNode.Mapping>().SelectMany(each => each.Entries).Where(each => !entries.ContainsKey(each.Key)).ToArray())
        {
            entries.TryAdd(key, Expanded(start, value));
        }

        return new ManifestNode.Mapping(Line(start.Start), (int)start.Start.Column, 1 + entries.Values.Sum(value => value.Size), entries);
    }

    private int Line(Mark mark) => lineOffset + Math.Max(1, (int)mark.Line);

    private ManifestException Refused(ParsingEvent at, string rule) => new(Line(at.Start), (int)at.Start.Column, rule);

    private static bool IsText(Scalar scalar) =>
        scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == TextTag) || !NotText().IsMatch(scalar.Value);

    // As YAML 1.1 has it, which Kubernetes' tools read.
    [GeneratedRegex(@"\A(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9]+|0x[0-9a-fA-F]+)\z")]
    private static partial Regex NotText();
}
