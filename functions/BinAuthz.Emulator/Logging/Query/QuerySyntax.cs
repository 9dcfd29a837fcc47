using BinAuthz.Emulator.Hosting;
using Grpc.Core;

namespace BinAuthz.Emulator.Logging.Query;

/// <summary>Where a query is wrong, in the words of Logging.</summary>
internal static class QuerySyntax
{
    public static RpcException Error(string query, int position, string problem)
    {
        var before = query[..Math.Min(position, query.Length)];
        var line = before.Count(character => character == '\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        var token = position < query.Length ? query[position..Math.Min(position + 20, query.Length)].Split('\n')[0] : "end of filter";
        return Errors.Invalid($"Unparseable filter: syntax error at line {line}, column {column}, token '{token}': {problem}");
    }
}
