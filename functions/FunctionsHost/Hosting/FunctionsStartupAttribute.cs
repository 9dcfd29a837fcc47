using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Names a startup of an assembly or of one function class.</summary>
/// <param name="startupType">A class derived from <see cref="FunctionsStartup"/> with a public constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class, AllowMultiple = true)]
public class FunctionsStartupAttribute(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type startupType) : Attribute
{
    /// <summary>The startup class.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type StartupType { get; set; } = startupType;

    /// <summary>Startups run in ascending order, then by full name.</summary>
    public int Order { get; set; }

    /// <summary>Lists the startups of an assembly and of a function class in the order in which they run.</summary>
    /// <param name="assembly">The assembly whose attributes count.</param>
    /// <param name="target">The function class whose attributes count too, if any.</param>
    /// <returns>The startup classes.</returns>
    public static IEnumerable<Type> GetStartupTypes(Assembly assembly, Type? target)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return [.. assembly.GetCustomAttributes<FunctionsStartupAttribute>()
            .Concat(target?.GetCustomAttributes<FunctionsStartupAttribute>(inherit: true) ?? [])
            .OrderBy(attribute => attribute.Order)
            .ThenBy(attribute => attribute.StartupType.FullName, StringComparer.Ordinal)
            .Select(attribute => attribute.StartupType)];
    }
}
