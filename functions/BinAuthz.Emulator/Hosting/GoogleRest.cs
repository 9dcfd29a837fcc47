using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Hosting;

/// <summary>What lies between ASP.NET's JSON transcoding and Google's REST: versions, error bodies, request bodies, field masks.</summary>
internal static partial class GoogleRest
{
    /// <summary>Before routing: alpha methods are the beta ones, and masks in the query become field names.</summary>
    public static void UseGooglePaths(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/v1alpha2", StringComparison.Ordinal, out var rest))
        {
            request.Path = "/v1beta1" + rest;
        }

        if (request.Query.TryGetValue("updateMask", out var mask))
        {
            var query = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
            query["updateMask"] = UpperCase().Replace(mask.ToString(), match => "_" + match.Value.ToLowerInvariant());
            request.QueryString = QueryString.Create(query!);
        }

        return next(context);
    });

    /// <summary>After routing: bodies are normalised before the transcoder reads them, and its errors take Google's shape.</summary>
    public static void UseGoogleBodies(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true
            || (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is null))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var answer = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            if (await RequestErrorAsync(context).ConfigureAwait(false) is { } problem)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await JsonSerializer.SerializeAsync(buffer, new { code = (int)StatusCode.InvalidArgument, message = problem }).ConfigureAwait(false);
            }
            else
            {
                await next(context).ConfigureAwait(false);
            }
        }
        finally
        {
            context.Response.Body = answer;
        }

        var body = context.Response.StatusCode < 400 ? buffer.ToArray() : GoogleError(context, buffer.ToArray());
        context.Response.ContentLength = body.Length;
        await answer.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    });

    private static async Task<string?> RequestErrorAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not { HttpRule.Body: { Length: > 0 } part } method)
        {
            return null;
        }

        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var json = JsonNode.Parse(text.Length == 0 ? "{}" : text);
            var error = BodyType(method.MethodDescriptor, part) is { } type ? JsonRequests.Normalise(json, type) : null;
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(json?.ToJsonString() ?? "{}"));
            context.Request.ContentType = "application/json";
            context.Request.ContentLength = context.Request.Body.Length;
            return error;
        }
        catch (JsonException error)
        {
            return $"Invalid JSON payload received. {error.Message}";
        }
    }

    private static MessageDescriptor? BodyType(MethodDescriptor method, string part) => part == "*"
        ? method.InputType
        : method.InputType.FindFieldByName(part) is { FieldType: FieldType.Message } field ? field.MessageType : null;

    private static byte[] GoogleError(HttpContext context, byte[] body)
    {
        var http = context.Response.StatusCode;
        var status = Parse(body);
        var code = status?["code"]?.GetValue<int>() ?? (http is 404 or 405 ? (int)StatusCode.NotFound : (int)StatusCode.Unknown);
        var message = status?["message"]?.GetValue<string>() ?? $"No method of the emulator answers {context.Request.Method} {context.Request.Path}.";
        var error = new JsonObject { ["code"] = http, ["message"] = message, ["status"] = CanonicalName((StatusCode)code) };
        if (status?["details"] is JsonArray { Count: > 0 } details)
        {
            error["details"] = details.DeepClone();
        }

        context.Response.ContentType = "application/json; charset=UTF-8";
        return Encoding.UTF8.GetBytes(new JsonObject { ["error"] = error }.ToJsonString(Indented));
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The name in google.rpc.Code, such as FAILED_PRECONDITION.</summary>
    public static string CanonicalName(StatusCode code) => code == StatusCode.OK ? "OK" : InnerCapital().Replace(code.ToString(), "_$0").ToUpperInvariant();

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [GeneratedRegex("[A-Z]")]
    private static partial Regex UpperCase();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex InnerCapital();
}
