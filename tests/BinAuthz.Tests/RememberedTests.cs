namespace BinAuthz.Tests;

public sealed class RememberedTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Clock clock = new();
    private int readings;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(29, 1)]
    [InlineData(30, 2)]
    public async Task GetAsync_AfterSomeTime_ReadsAgainWhenTooOld(int seconds, int value)
    {
        var remembered = new Remembered<int>(Lifetime, clock);
        await GetAsync(remembered);
        clock.Now += TimeSpan.FromSeconds(seconds);

        Assert.Equal(value, await GetAsync(remembered));
    }

    [Fact]
    public async Task GetAsync_WhileReading_SharesTheReading()
    {
        var remembered = new Remembered<int>(Lifetime, clock);
        var reading = new TaskCompletionSource<int>();

        var first = remembered.GetAsync(_ => reading.Task, TestContext.Current.CancellationToken);
        var second = GetAsync(remembered);
        reading.SetResult(7);

        Assert.Equal((7, 7, 0), (await first, await second, readings));
    }

    [Fact]
    public async Task GetAsync_OneWhoWaitsGivesUp_TheReadingGoesOn()
    {
        var remembered = new Remembered<int>(Lifetime, clock);
        var reading = new TaskCompletionSource<int>();
        using var impatient = new CancellationTokenSource();

        var first = remembered.GetAsync(_ => reading.Task, impatient.Token);
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        reading.SetResult(7);
        Assert.Equal(7, await GetAsync(remembered));
    }

    [Fact]
    public async Task GetAsync_AfterAFailure_ReadsAgain()
    {
        var remembered = new Remembered<int>(Lifetime, clock);

        await Assert.ThrowsAsync<IOException>(() => remembered.GetAsync(_ => Task.FromException<int>(new IOException()), TestContext.Current.CancellationToken));

        Assert.Equal(1, await GetAsync(remembered));
    }

    [Fact]
    public async Task Forget_MakesTheNextReadAgain()
    {
        var remembered = new Remembered<int>(Lifetime, clock);
        await GetAsync(remembered);

        remembered.Forget();

        Assert.Equal(2, await GetAsync(remembered));
    }

    private Task<int> GetAsync(Remembered<int> remembered) => remembered.GetAsync(_ => Task.FromResult(++readings), TestContext.Current.CancellationToken);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
