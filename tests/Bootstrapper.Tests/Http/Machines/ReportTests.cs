using System.Net;
using System.Text;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>A node, or a pod on it, that reports without end. Node 1 has the address 127.0.0.2.</summary>
[Trait("Category", "Slow")]
public sealed class ReportTests : IAsyncLifetime
{
    private const string Reports = "/api/v1/report/52:54:00:00:00:01", Form = "application/x-www-form-urlencoded";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.Zero));
    private TestDaemon _daemon = null!;
    private HttpClient _machine = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)), time: _clock);
        _machine = _daemon.From("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _machine.Dispose();
        await _daemon.DisposeAsync();
    }

    /// <summary>Anybody may send it: what .NET throws for it must not be a fault of ours, with its stack in the log.</summary>
    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("multipart/form-data; boundary=b; charset=utf-7")]
    [InlineData("multipart/form-data")]
    [InlineData("text/plain")]
    public async Task A_form_in_an_encoding_that_nobody_reads_is_a_bad_request(string type)
    {
        using var body = new ByteArrayContent("--b\r\nstate=running"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await _machine.PostAsync(Reports, body, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "state=failed&message=", "", 10)]
    [InlineData("/facts", """{"cpus":""", "}", 60)]
    public async Task Who_reports_something_else_each_time_is_told_when_to_report_again(
        string path, string begin, string end, int seconds)
    {
        var answers = new List<(HttpStatusCode Status, TimeSpan? After)>();
        async Task ReportAsync()
        {
            using var body = new StringContent($"{begin}{answers.Count}{end}", Encoding.UTF8, Form);
            using var answer = await _machine.PostAsync(Reports + path, body, Cancellation);
            answers.Add((answer.StatusCode, answer.Headers.RetryAfter?.Delta));
        }

        for (var time = 0; time < 120; time++)
        {
            await ReportAsync();
        }

        var wait = TimeSpan.FromSeconds(seconds);
        Assert.All(answers.Take(20), answer => Assert.InRange((int)answer.Status, 200, 204));
        Assert.Equal((HttpStatusCode.TooManyRequests, wait), answers[^1]);
        _clock.Advance(wait);
        await ReportAsync();
        Assert.InRange((int)answers[^1].Status, 200, 204);
    }
}
