using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Rules;

/// <summary>Attestations that others than the signer made, as the Data Access log tells.</summary>
internal static class AttestationEvents
{
    private const string Service = "containeranalysis.googleapis.com";

    /// <summary>BA605. Without the log nothing is known, and nothing passes.</summary>
    public static RuleAssessment Judge(AuditRule rule, AuditFacts facts)
    {
        var expected = new ExpectedMembers(facts.Request);
        HashSet<string> notes = [.. facts.Attestors.Select(attestor => attestor.Attestor.Or(null)).OfType<Attestor>().Select(attestor => attestor.Note.ToString())];
        var isKnown = facts.Attestors.All(attestor => attestor.Attestor is Fact<Attestor?>.Known);
        return RuleAssessment.All(
        [
            .. facts.Events.Attestations.Select(log => EventRules.Complete(
                log,
                known => known.Gap ?? Unrecorded(facts, known.Project),
                RuleAssessment.Of(log, known => known.Calls.Where(call => IsUnexpected(call)).Select(call => Finding(rule, call))))),
            RuleAssessment.Of(facts.Attestors.Select(attestor => attestor.Attestor), _ => []),
        ]);

        // Where the notes are not known, and where the call does not tell, it may be one of them.
        bool IsUnexpected(AttestationCall call) =>
            !ExpectedMembers.Names(call.Principal, expected.Signers) && (!isKnown || call.Notes.Count == 0 || call.Notes.Any(notes.Contains));
    }

    private static AuditFinding Finding(AuditRule rule, AttestationCall call)
    {
        var images = call.Images.Count == 0 ? "images that the entry does not tell" : string.Join(", ", call.Images);
        return rule.Finding(call.Entry, $"{(call.Principal.Length > 0 ? call.Principal : "Somebody whom the entry does not tell")} called {call.Method} at {Rfc3339.Write(call.Time)}, for {images}.") with
        {
            Severity = call.Notes.Count == 0 ? AuditSeverity.Medium : rule.Severity,
            Image = call.Images is [var image] ? image : null,
            Evidence = [new EvidenceLink("log entry", call.Entry)],
            Since = call.Time,
        };
    }

    private static Obstacle? Unrecorded(AuditFacts facts, string project)
    {
        var policy = facts.Access.Of(IamResourceKind.Project).FirstOrDefault(each => each.Resource == IamResource.Project(project))?.Policy;
        return policy switch
        {
            Fact<IamPolicy>.Known known when known.Value.Records(Service, AuditLogRule.Attestations) => null,
            Fact<IamPolicy>.Unknown unknown => unknown.Why,
            _ => new Obstacle($"{AuditLogRule.Attestations} audit logs of {Service} are off in {project}: nobody can tell who made attestations.", "Turn them on, as rule BA505 says.", IsTransient: false),
        };
    }
}
