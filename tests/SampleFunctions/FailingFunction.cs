using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;

namespace SampleFunctions;

/// <summary>Fails on every request.</summary>
public sealed class FailingFunction : IHttpFunction
{
    public Task HandleAsync(HttpContext context) => throw new InvalidOperationException("The function failed on purpose.");
}
