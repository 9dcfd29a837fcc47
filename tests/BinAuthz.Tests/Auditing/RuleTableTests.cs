using System.Collections;
using System.Reflection;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;

namespace BinAuthz.Tests.Auditing;

/// <summary>The table of the audit's README: what it says a rule needs to read is what the rule does not go without.</summary>
public sealed class RuleTableTests
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["Attestors.Attestor"] = "attestors",
        ["Attestors.Versions"] = "key versions",
        ["Attestors.Records"] = "key records",
        ["Attestors.Attestations"] = "attestations",
        ["Attestors.HasNote"] = "notes",
        ["Policy.Policy"] = "policy",
        ["Policy.Attestors"] = "attestors of the policy",
        ["Policy.Clusters"] = "clusters",
        ["Policy.Neighbours"] = "all attestors of the project",
        ["Coverage"] = "coverage",
        ["Access.Policies.Policy"] = "IAM policies",
        ["Access.CustomRoles"] = "custom roles",
        ["Access.Bucket"] = "bucket",
        ["Events.Logs"] = "logs",
        ["Events.Attestations"] = "Data Access logs",
    };

    [Fact]
    public void Readme_Table_IsThatOfTheRules()
    {
        var readme = File.ReadAllLines(Path.Combine(SourceTree.Root, "functions", "BinAuthz", "Auditing", "README.md"));
        var sources = Sources(CleanFacts.Facts, "").ToArray();
        string[] expected = [.. AuditRules.All.Select(rule => Row(rule, sources))];

        var actual = readme.Where(line => line.StartsWith("| BA", StringComparison.Ordinal)).ToArray();

        Assert.True(expected.SequenceEqual(actual), $"The table should be:\n{string.Join('\n', expected)}\n");
    }

    [Fact]
    public void Rules_WhateverTheyJudge_NeedSomethingAndAreNotAssessedWithoutIt()
    {
        var sources = Sources(CleanFacts.Facts, "").ToArray();

        Assert.All(AuditRules.All, rule => Assert.NotEmpty(Needed(rule, sources)));
    }

    private static string Row(AuditRule rule, (string Name, AuditFacts Without)[] sources) =>
        $"| {rule.Id} | {rule.Title} | {rule.Severity.ToString().ToLowerInvariant()} | {string.Join(", ", Needed(rule, sources))} | {string.Join(", ", rule.Controls.Select(control => $"{control.Framework} {control.Id}"))} |";

    private static IEnumerable<string> Needed(AuditRule rule, (string Name, AuditFacts Without)[] sources) =>
        sources.Where(source => rule.Judge(rule, source.Without) is RuleAssessment.NotAssessed).Select(source => Words.GetValueOrDefault(source.Name, source.Name)).Distinct();

    // The facts without one of them, for each: wherever a fact stands, it is taken for one that could not be read.
    private static IEnumerable<(string Name, AuditFacts Without)> Sources(AuditFacts facts, string prefix) =>
        Without(facts, prefix).Select(each => (each.Name, (AuditFacts)each.Copy));

    private static IEnumerable<(string Name, object Copy)> Without(object owner, string prefix)
    {
        foreach (var property in owner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            if (property.GetValue(owner) is { } value)
            {
                foreach (var (name, changed) in Changed(property.PropertyType, value, prefix + property.Name))
                {
                    var copy = owner.GetType().GetMethod("<Clone>$")!.Invoke(owner, null)!;
                    property.SetValue(copy, changed);
                    yield return (name, copy);
                }
            }
        }
    }

    private static IEnumerable<(string Name, object Changed)> Changed(Type type, object value, string name)
    {
        if (IsFact(type))
        {
            return [(name, Unknown(type))];
        }

        if (value.GetType().Namespace == typeof(AuditFacts).Namespace && value.GetType().GetMethod("<Clone>$") is not null)
        {
            return Without(value, $"{name}.");
        }

        if (value is IDictionary { Count: > 0 } dictionary && IsFact(value.GetType().GetGenericArguments()[1]))
        {
            var changed = (IDictionary)Activator.CreateInstance(value.GetType())!;
            foreach (var key in dictionary.Keys)
            {
                changed[key] = Unknown(value.GetType().GetGenericArguments()[1]);
            }

            return [(name, changed)];
        }

        if (type.IsGenericType && IsFact(type.GetGenericArguments()[0]))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            list.SetValue(Unknown(type.GetGenericArguments()[0]), 0);
            return [(name, list)];
        }

        return value is IEnumerable items and not string ? InList(type, [.. items.Cast<object>()], name) : [];
    }

    private static IEnumerable<(string Name, object Changed)> InList(Type type, object[] items, string name)
    {
        if (items.Length == 0 || !type.IsGenericType || items[0].GetType().Namespace != typeof(AuditFacts).Namespace || items[0].GetType().GetMethod("<Clone>$") is null)
        {
            yield break;
        }

        foreach (var (inner, copy) in Without(items[0], $"{name}."))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            list.SetValue(copy, 0);
            yield return (inner, list);
        }
    }

    private static bool IsFact(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Fact<>);

    private static object Unknown(Type fact) => Activator.CreateInstance(
        typeof(Fact<>.Unknown).MakeGenericType(fact.GetGenericArguments()), new Obstacle("not read", "Read it.", IsTransient: false))!;
}
