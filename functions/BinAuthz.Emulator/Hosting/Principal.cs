using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Hosting;

/// <summary>Who calls. A bearer token is the e-mail address of the principal it stands for; no token is <see cref="Anonymous"/>.</summary>
internal static class Principal
{
    public const string Anonymous = "anonymous";

    private const string Scheme = "Bearer ";

    public static string Of(ServerCallContext context) => Of(context.RequestHeaders.GetValue("authorization"));

    public static string Of(HttpRequest request) => Of(request.Headers.Authorization.ToString());

    private static string Of(string? header) =>
        header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Contains('@', StringComparison.Ordinal)
            ? header[Scheme.Length..].Trim()
            : Anonymous;
}
