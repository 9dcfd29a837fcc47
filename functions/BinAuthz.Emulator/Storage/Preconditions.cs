using System.Globalization;
using BinAuthz.Emulator.State;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Storage;

/// <summary>What a request demands of the object as it is.</summary>
internal sealed record Preconditions(long? GenerationMatch, long? GenerationNotMatch, long? MetagenerationMatch, long? MetagenerationNotMatch)
{
    public static Preconditions Of(HttpRequest request, string prefix = "if") => new(
        Number(request, prefix + "GenerationMatch"), Number(request, prefix + "GenerationNotMatch"),
        Number(request, prefix + "MetagenerationMatch"), Number(request, prefix + "MetagenerationNotMatch"));

    /// <summary>A number in the query.</summary>
    /// <exception cref="StorageException">400: something else.</exception>
    public static long? Number(HttpRequest request, string name)
    {
        var text = request.Query[name].ToString();
        return text.Length == 0 ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw StorageException.Invalid($"Invalid value for {name}: \"{text}\" is no number.");
    }

    /// <summary>Generation 0 is no object.</summary>
    /// <exception cref="StorageException">412.</exception>
    public void Check(StoredObject? current)
    {
        var generation = current?.Generation ?? 0;
        var holds = (GenerationMatch is null || GenerationMatch == generation)
            && (GenerationNotMatch is null || GenerationNotMatch != generation)
            && (MetagenerationMatch is null || MetagenerationMatch == current?.Metageneration)
            && (MetagenerationNotMatch is null || MetagenerationNotMatch != current?.Metageneration);
        if (!holds)
        {
            throw StorageException.PreconditionFailed();
        }
    }
}
