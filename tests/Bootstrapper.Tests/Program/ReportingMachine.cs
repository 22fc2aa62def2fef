using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// A machine that reports installing, installed, running, and from then on failed and running in turn. Each report is
/// made again until it is acknowledged, so at most one of them is in doubt.
/// </summary>
internal sealed class ReportingMachine(RackNode node, HttpClient client) : IDisposable
{
    private int _sent;

    public RackNode Node => node;

    /// <summary>How many reports got their 200.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Whether a report was made that nobody acknowledged: it may have been heard or not.</summary>
    public bool IsInDoubt => _sent != Acknowledged;

    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Somebody took the connection and was gone.</exception>
    public async Task ReportAsync()
    {
        _sent = Acknowledged + 1;
        using var report = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["state"] = After(_sent).State,
            ["message"] = After(_sent).Message,
        });
        using var answer = await client.PostAsync(
            new Uri($"api/v1/report/{node.Mac}", UriKind.Relative), report, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Acknowledged = _sent;
    }

    /// <summary>What was acknowledged is on record, or what was sent after it; and the boot loader is told the same.</summary>
    public void AssertRemembered(Bsroot bsroot)
    {
        var recorded = Recorded(Path.Combine(bsroot.Inventory, $"{node.Mac.ToHyphenated()}.json"));
        Assert.Contains(recorded, new[] { After(Acknowledged), After(_sent) });
        var boots = File.ReadAllText(bsroot.At(Bsroot.PxelinuxFile(node.Mac)));
        Assert.Contains(
            recorded.State is "configured" or "installing" ? "DEFAULT network" : "DEFAULT disk", boots, StringComparison.Ordinal);
    }

    /// <summary>What is on record there is what one of these reports led to, the first and the last included.</summary>
    public void AssertRecordedBetween(Bsroot bsroot, int first, int last) => Assert.Contains(
        Recorded(Path.Combine(bsroot.Inventory, $"{node.Mac.ToHyphenated()}.json")),
        Enumerable.Range(first, last - first + 1).Select(After));

    /// <summary>
    /// Every step that was acknowledged is a commit of its own, in order. A kill after the state file was written and before the
    /// trail knew leaves one that says so; an installation whose first report was heard and not answered begins twice.
    /// </summary>
    public void AssertOnTrail(IEnumerable<string> titles)
    {
        var all = titles.ToList();
        var told = all.Aggregate(new[] { 0 }, (told, title) => [.. told.SelectMany(reports => Told(reports, title)).Distinct()]);
        Assert.True(
            told.Any(reports => reports >= Acknowledged && reports <= _sent),
            $"{Acknowledged} acknowledged, {_sent} sent, told: {string.Join(", ", all)}");
    }

    /// <summary>
    /// How many reports the trail has told with this title, after so many. None: it cannot follow. What was found late is a step,
    /// or, while installing, that the installation began again. A system whose report that it runs is repeated more than a minute
    /// later, because it was heard and not answered, counts as started again.
    /// </summary>
    private static IEnumerable<int> Told(int reports, string title)
    {
        var isLate = title == "changed, found late";
        if (isLate || title == $"{After(reports).State} -> {After(reports + 1).State}")
        {
            yield return reports + 1;
        }

        if (After(reports).State == "running" && title == "started")
        {
            yield return reports;
        }

        if (After(reports).State == "installing" && (isLate || title.StartsWith("installing again", StringComparison.Ordinal)))
        {
            yield return reports;
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>The state that so many reports lead to. The messages tell one failure from the next.</summary>
    private static (string State, string Message) After(int reports) => reports switch
    {
        0 => ("configured", ""),
        1 => ("installing", ""),
        2 => ("installed", ""),
        _ when int.IsOddInteger(reports) => ("running", ""),
        _ => ("failed", string.Create(CultureInfo.InvariantCulture, $"report {reports}")),
    };

    private static (string State, string Message) Recorded(string file)
    {
        if (!File.Exists(file))
        {
            return After(0);
        }

        using var record = JsonDocument.Parse(File.ReadAllBytes(file));
        return (
            record.RootElement.GetProperty("state").GetString()!,
            record.RootElement.TryGetProperty("message", out var message) ? message.GetString()! : "");
    }
}
