using System.Diagnostics.CodeAnalysis;
using Google.Cloud.Functions.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Functions;

/// <summary>A function that this program can serve; named here, not searched for, so that it works in a trimmed program too.</summary>
/// <param name="Type">The function class.</param>
/// <param name="Register">Registers it with the host.</param>
/// <param name="Startup">Registers what it needs: each function is configured for itself, whatever another one lacks.</param>
internal sealed record FunctionTarget(Type Type, Action<IServiceCollection> Register, FunctionsStartup Startup)
{
    /// <summary>Names a function class.</summary>
    public static FunctionTarget Of<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces)] TFunction>(FunctionsStartup startup) =>
        new(typeof(TFunction), services => services.AddFunctionTarget<TFunction>(), startup);

    /// <summary>Finds a function by the full or short name of its class, or the only one if no name is given.</summary>
    /// <exception cref="InvalidOperationException">No function has that name.</exception>
    public static FunctionTarget Find(IReadOnlyList<FunctionTarget> targets, string? name)
    {
        if (string.IsNullOrWhiteSpace(name) && targets.Count == 1)
        {
            return targets[0];
        }

        return targets.FirstOrDefault(target => target.Type.FullName == name || target.Type.Name == name)
            ?? throw new InvalidOperationException(
                (string.IsNullOrWhiteSpace(name) ? "No function target is given" : $"Function target '{name}' is none of this program's functions")
                + ": it must be the full or short name of a function class. "
                + $"Set FUNCTION_TARGET or --target to one of: {string.Join(", ", targets.Select(target => target.Type.FullName))}.");
    }
}
