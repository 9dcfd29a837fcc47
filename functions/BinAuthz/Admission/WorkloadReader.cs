namespace BinAuthz.Admission;

/// <summary>
/// Reads workloads from manifests: YAML with any number of documents, JSON, lists; what kustomize, helm and
/// <c>kubectl get -o yaml</c> print and gcloud exports. Objects without pods are counted, what cannot be read is an error.
/// </summary>
internal sealed class WorkloadReader
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int MaximumLength = 64 << 20;

    private const string Separator = "---";
    private readonly string file;
    private readonly string defaultNamespace;
    private readonly List<Workload> workloads = [];
    private readonly List<ManifestError> errors = [];
    private int skipped;

    private WorkloadReader(string file, string defaultNamespace)
    {
        this.file = file;
        this.defaultNamespace = defaultNamespace;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The manifests.</param>
    /// <param name="file">Its name, for the places.</param>
    /// <param name="defaultNamespace">Of objects that name none.</param>
    public static WorkloadReading Read(string text, string file, string defaultNamespace = "default")
    {
        var reader = new WorkloadReader(file, defaultNamespace);
        if (text.Length > MaximumLength)
        {
            reader.Error(1, 1, $"The text is longer than {MaximumLength} characters.", "Check it in several parts.");
        }
        else
        {
            reader.ReadAll(text.TrimStart('\uFEFF'));
        }

        return new WorkloadReading(reader.workloads, reader.skipped, reader.errors);
    }

    // A document that cannot be read must not hide the others, so that they are parsed one by one.
    private void ReadAll(string text)
    {
        foreach (var (line, document) in Documents(text))
        {
            try
            {
                foreach (var node in ManifestLoader.Load(document, line))
                {
                    Read(node, inherited: null);
                }
            }
            catch (ManifestException error)
            {
                Error(error.Line, error.Column, error.Message, "Write a Kubernetes manifest; render templates first, such as with `helm template` or `kubectl kustomize`.");
            }
        }
    }

    private void Read(ManifestNode node, string? inherited)
    {
        switch (node)
        {
            case ManifestNode.Scalar { IsNull: true }:
                break;
            case ManifestNode.Mapping item when (item.Text("kind") ?? inherited) is { } kind:
                Read(item, kind);
                break;
            case ManifestNode.Mapping:
                skipped++;
                break;
            default:
                Error(node.Line, node.Column, "It is no Kubernetes object.", "Write objects with apiVersion and kind.");
                break;
        }
    }

    private void Read(ManifestNode.Mapping item, string kind)
    {
        if (kind.EndsWith("List", StringComparison.Ordinal) && item["items"] is ManifestNode.Sequence list)
        {
            // The items of a typed list may leave their kind out.
            var inherited = kind == "List" ? null : kind[..^"List".Length];
            foreach (var each in list.Items)
            {
                Read(each, inherited);
            }

            return;
        }

        var group = item.Text("apiVersion") is { } version && version.Contains('/', StringComparison.Ordinal) ? version[..version.IndexOf('/', StringComparison.Ordinal)] : "";
        if (PodTemplates.PathOf(group, kind, item) is not { } path)
        {
            skipped++;
            return;
        }

        var template = path.Aggregate<string, ManifestNode.Mapping?>(item, (parent, key) => parent?.Child(key));
        if (template?.Child("spec") is { } spec)
        {
            AddWorkload(item, kind, PodTemplates.PlatformOf(group, item), template, spec);
        }
        else
        {
            Error(item.Line, item.Column, $"{kind} '{Text(item, "name")}' has no pod spec at {string.Join('.', path.Append("spec"))}.", "Write the pod's containers there.");
        }
    }

    private void AddWorkload(ManifestNode.Mapping item, string kind, WorkloadPlatform platform, ManifestNode.Mapping template, ManifestNode.Mapping spec)
    {
        var before = errors.Count;
        var annotations = Texts(template, "annotations");
        var workload = new Workload(platform, kind, Text(item, "namespace") ?? defaultNamespace, Text(item, "name") ?? Text(item, "generateName") ?? "", Account(spec), Containers(spec), At(item))
        {
            Owner = Owner(item),
            Labels = Texts(template, "labels"),
            Annotations = platform == WorkloadPlatform.CloudRun ? Merged(Texts(item, "annotations"), annotations) : annotations,
        };
        if (errors.Count == before)
        {
            workloads.Add(workload);
        }
    }

    private List<WorkloadContainer> Containers(ManifestNode.Mapping spec)
    {
        var containers = new List<WorkloadContainer>();
        foreach (var (key, kind) in PodTemplates.ContainerLists)
        {
            if (spec[key] is { } list and not ManifestNode.Sequence)
            {
                Error(list.Line, list.Column, $"{key} is no list.", "Write a list of containers.");
            }

            foreach (var item in spec.List(key))
            {
                if (item is ManifestNode.Mapping container && container["image"] is ManifestNode.Scalar { Text.Length: > 0 } image)
                {
                    containers.Add(new WorkloadContainer(kind, container.Text("name") ?? "", image.Text, At(image)));
                }
                else
                {
                    Error(item.Line, item.Column, $"Container '{(item as ManifestNode.Mapping)?.Text("name")}' of {key} has no image.", "Name the image, which admission decides on.");
                }
            }
        }

        if (spec["containers"] is null)
        {
            Error(spec.Line, spec.Column, "The pod spec has no containers.", "Write the pod's containers, with their images.");
        }

        return containers;
    }

    private static string? Text(ManifestNode.Mapping item, string key) => item.Child("metadata")?.Text(key) is { Length: > 0 } text ? text : null;

    private static string Account(ManifestNode.Mapping spec) =>
        spec.Text("serviceAccountName") is { Length: > 0 } name ? name : spec.Text("serviceAccount") is { Length: > 0 } old ? old : "default";

    private static string? Owner(ManifestNode.Mapping item) =>
        item.Child("metadata")?.List("ownerReferences").OfType<ManifestNode.Mapping>().Where(owner => owner.Text("controller") == "true").Select(owner => $"{owner.Text("kind")}/{owner.Text("name")}").FirstOrDefault();

    private static Dictionary<string, string> Texts(ManifestNode.Mapping item, string key) =>
        (item.Child("metadata")?.Child(key)?.Entries ?? new Dictionary<string, ManifestNode>())
            .Where(entry => entry.Value is ManifestNode.Scalar { IsText: true }).ToDictionary(entry => entry.Key, entry => ((ManifestNode.Scalar)entry.Value).Text, StringComparer.Ordinal);

    private static Dictionary<string, string> Merged(Dictionary<string, string> outer, Dictionary<string, string> inner)
    {
        foreach (var (key, value) in inner)
        {
            outer[key] = value;
        }

        return outer;
    }

    private SourcePlace At(ManifestNode node) => new(file, node.Line, node.Column);

    private void Error(int line, int column, string rule, string remedy) => errors.Add(new ManifestError(new SourcePlace(file, line, column), rule, remedy));

    private static IEnumerable<(int Line, string Text)> Documents(string text)
    {
        var (start, startLine, line) = (0, 1, 1);
        for (var position = 0; position < text.Length; line++)
        {
            if (position > start && IsSeparator(text.AsSpan(position)))
            {
                yield return (startLine, text[start..position]);
                (start, startLine) = (position, line);
            }

            var end = text.IndexOf('\n', position);
            position = end < 0 ? text.Length : end + 1;
        }

        yield return (startLine, text[start..]);
    }

    private static bool IsSeparator(ReadOnlySpan<char> rest) =>
        rest.StartsWith(Separator, StringComparison.Ordinal) && (rest.Length == Separator.Length || char.IsWhiteSpace(rest[Separator.Length]));
}
