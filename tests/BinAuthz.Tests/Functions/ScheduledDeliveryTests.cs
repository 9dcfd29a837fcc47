using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Functions.Events;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Tests.Functions;

public sealed class ScheduledDeliveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 6, 0, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-26T06:00:00Z", "2026-11-26T06:00:00.000Z")]
    [InlineData("2026-11-26T08:00:00.5+02:00", "2026-11-26T06:00:00.500Z")]
    [InlineData("2026-11-26T06:00:00.123456789Z", "2026-11-26T06:00:00.123Z")]
    public async Task DueAt_SchedulersTime_IsWhenItWasDue(string header, string due)
    {
        var delivery = await ReadAsync("{}", ("X-CloudScheduler-ScheduleTime", header), ("X-CloudScheduler-JobName", "audit"));

        Assert.Equal(("audit", due), (delivery.Id, Rfc3339.Write(delivery.DueAt(Now))));
        Assert.Null(delivery.Published);
    }

    [Fact]
    public async Task DueAt_Message_IsWhenItWasPublished()
    {
        var delivery = await ReadAsync("""{"message":{"data":"e30=","messageId":"7","publishTime":"2026-11-26T06:00:00.987654321Z"},"subscription":"s"}""");

        Assert.Equal(("7", "2026-11-26T06:00:00.987Z"), (delivery.Id, Rfc3339.Write(delivery.DueAt(Now))));
    }

    [Fact]
    public async Task DueAt_RequestOfAPerson_IsNow() => Assert.Equal(Now, (await ReadAsync("")).DueAt(Now));

    [Theory]
    [InlineData("yesterday", "which is no time")]
    [InlineData("2026-11-26T06:02:00Z", "still to come")]
    public async Task DueAt_TimeThatCannotBeMeant_IsRefused(string header, string problem)
    {
        var delivery = await ReadAsync("", ("X-CloudScheduler-ScheduleTime", header));

        Assert.Contains(problem, Assert.Throws<UnreadableEventException>(() => delivery.DueAt(Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DueAt_MessageWithoutTime_IsRefused()
    {
        var delivery = await ReadAsync("""{"message":{"data":"e30=","messageId":"7"}}""");

        Assert.Contains("publishTime", Assert.Throws<UnreadableEventException>(() => delivery.DueAt(Now)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("{}")]
    [InlineData(" { } ")]
    public void Read_Nothing_AsksForAWholeAudit(string body) => Assert.Null(AuditBody.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Read_Part_IsWhatWasAskedFor()
    {
        var part = new ShardRequest(Now, new AuditShard(AttestorName.Parse("projects/p/attestors/a"), Now - TimeSpan.FromDays(2), Now - TimeSpan.FromDays(1)));

        Assert.Equal(part, AuditBody.Read(part.ToJson()));
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("{} {}", "no JSON object")]
    [InlineData("{\"environment\":\"staging\"}", "'environment' is not known")]
    [InlineData("{", "no JSON document")]
    [InlineData("{\"shard\":1}", "'shard' is no object")]
    [InlineData("{\"shard\":{\"time\":\"2026-11-26T06:00:00Z\",\"attestor\":\"a\",\"from\":\"2026-11-25T06:00:00Z\",\"to\":\"2026-11-26T06:00:00Z\"}}", "'attestor' of the part is none")]
    [InlineData("{\"shard\":{\"time\":\"2026-11-26T06:00:00Z\",\"attestor\":\"projects/p/attestors/a\",\"from\":\"2026-11-26T06:00:00Z\",\"to\":\"2026-11-26T06:00:00Z\"}}", "is none of an audit")]
    [InlineData("{\"shard\":{\"time\":\"now\",\"attestor\":\"projects/p/attestors/a\",\"from\":\"2026-11-25T06:00:00Z\",\"to\":\"2026-11-26T06:00:00Z\"}}", "'time' of the part is no time")]
    [InlineData("{\"shard\":{\"time\":\"2026-11-26T06:00:00Z\"}}", "has no 'attestor'")]
    [InlineData("{\"shard\":{\"size\":1}}", "'size' is not known")]
    public void Read_SomethingElse_IsRefused(string body, string problem) =>
        Assert.Contains(problem, Assert.Throws<UnreadableEventException>(() => AuditBody.Read(Encoding.UTF8.GetBytes(body))).Message, StringComparison.Ordinal);

    private static Task<ScheduledDelivery> ReadAsync(string body, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return ScheduledDelivery.ReadAsync(context.Request, TestContext.Current.CancellationToken);
    }
}
