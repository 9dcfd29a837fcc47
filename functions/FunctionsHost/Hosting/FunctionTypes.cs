using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Google.Cloud.Functions.Framework;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Finds the function class that a target names.</summary>
internal static class FunctionTypes
{
    private const string Reason = "Searches the assembly's types; trimmed applications call AddFunctionTarget<TFunction>() instead.";

    /// <summary>Finds the class by full or short name, or the only one if no target is given.</summary>
    [RequiresUnreferencedCode(Reason)]
    [return: DynamicallyAccessedMembers(FunctionServices.FunctionMembers)]
    public static Type Find(Assembly assembly, string? target)
    {
        Type[] functions = [.. assembly.GetTypes().Where(IsFunction)];
        Type[] found = target is null
            ? functions
            : [.. functions.Where(type => type.FullName == target || type.Name == target)];
        if (found.Length == 1)
        {
            return found[0];
        }

        string names = functions.Length == 0 ? "(it has none)" : string.Join(", ", functions.Select(type => type.FullName));
        string problem = target is null
            ? $"No function target is given, and {assembly.GetName().Name} has {functions.Length} functions, not one"
            : $"Function target '{target}' names {(found.Length == 0 ? "no function" : "more than one function")} of {assembly.GetName().Name}";
        throw new HostConfigurationException(
            $"{problem}: it must be the full or short name of a class that implements IHttpFunction, ICloudEventFunction or ICloudEventFunction<T>. "
            + $"Set FUNCTION_TARGET or --target to one of: {names}.");
    }

    /// <summary>The data type if the class takes events of typed data.</summary>
    public static Type? DataTypeOf([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces)] Type type) =>
        type.GetInterfaces()
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICloudEventFunction<>))
            ?.GetGenericArguments()[0];

    [RequiresUnreferencedCode(Reason)]
    private static bool IsFunction(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericType: false }
        && (typeof(IHttpFunction).IsAssignableFrom(type)
            || typeof(ICloudEventFunction).IsAssignableFrom(type)
            || DataTypeOf(type) is not null);
}
