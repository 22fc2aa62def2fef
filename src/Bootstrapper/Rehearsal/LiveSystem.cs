using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Rehearsal;

/// <summary>The live system of a machine and install.sh in it, from its address on until it is installed.</summary>
/// <param name="begin">Is told of each step.</param>
internal sealed partial class LiveSystem(Stage stage, Node node, HttpAsker http, Func<int, Task> begin)
{
    /// <summary>The first is its address, for which it has asked before.</summary>
    public const int Steps = 7;

    /// <summary>coreos-cloudinit, and curl in install.sh, ask so often before they give up.</summary>
    private const int Tries = 15, TriesOfCurl = 6, TriesOfScript = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), HealthPause = TimeSpan.FromSeconds(3),
        LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Returns when the machine is installed, or is to be switched off and on.</summary>
    /// <exception cref="IOException">It boots something else than the live system of a release, or lacks a file.</exception>
    public async Task RunAsync(IReadOnlyList<string> kernelArguments, CancellationToken cancellation)
    {
        const string Name = "cloud-config-url=";
        var url = kernelArguments.FirstOrDefault(argument => argument.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..];
        await begin(1);
        if (url is null)
        {
            throw new IOException($"{node.HostName} boots a system that is given no install.sh");
        }

        if (await ScriptAsync(new Uri(url), cancellation) is not { } script)
        {
            return;
        }

        await begin(2);
        using var restart = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var facts = MachineFacts.TellAsync(stage, node, restart.Token);
        try
        {
            await (stage.Gate is null ? Task.CompletedTask : facts); // so that it can be said what they cost
            await begin(3);
            if (await InstallAsync(script, cancellation))
            {
                await restart.CancelAsync(); // with what was still to be told
            }
        }
        catch
        {
            await restart.CancelAsync();
            throw;
        }
        finally
        {
            await facts.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> InstallAsync(string script, CancellationToken cancellation) =>
        await ReportAsync($"state=installing&disk=PLAYED-{node.Mac.ToHyphenated()}&disk_holds_data=no", cancellation)
            && Acknowledge(NodeState.Installing)
            && await DoAsync(4, () => ConfigAsync(script, cancellation), stage.Phases.Config, cancellation)
            && await DoAsync(5, () => ImageAsync(script, cancellation), stage.Phases.Image, cancellation)
            && await FinishAsync(cancellation);

    private bool Acknowledge(NodeState state)
    {
        stage.Ledger.Acknowledge(node, state);
        return true;
    }

    private async Task<bool> FinishAsync(CancellationToken cancellation)
    {
        await begin(6);
        return await ReportAsync("state=installed", cancellation) && Acknowledge(NodeState.Installed);
    }

    private Task<bool> ReportAsync(string report, CancellationToken cancellation) =>
        MachineReport.SendAsync(http, stage, node, report, HealthPause, cancellation);

    private async Task<string?> ScriptAsync(Uri url, CancellationToken cancellation)
    {
        var began = Phase.Begin();
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            http.Close();
            var answer = await http.GetAsync(url.PathAndQuery, cancellation);
            if (answer is { IsGood: true })
            {
                stage.Phases.InstallScript.End(began);
                return answer.Text;
            }

            if (answer is { Status: >= 400 and < 500 })
            {
                stage.Ledger.Refuse($"{answer.Status} to {url.AbsolutePath}: {answer.Text}");
                break;
            }

            stage.Phases.InstallScript.Retry();
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, attempt)), cancellation);
        }

        stage.Phases.InstallScript.Fail();
        return null;
    }

    /// <summary>Three times, each when the bootstrapper answers.</summary>
    private async Task<bool> DoAsync(int step, Func<Task<bool>> act, Phase phase, CancellationToken cancellation)
    {
        await begin(step);
        var began = Phase.Begin();
        for (var attempt = 1; attempt <= TriesOfScript; attempt++)
        {
            if (await act())
            {
                phase.End(began);
                return true;
            }

            await Task.Delay(Pause, cancellation);
            while (await CurlAsync("/healthz", phase, cancellation) is null)
            {
                await Task.Delay(HealthPause, cancellation);
            }
        }

        phase.Fail();
        stage.Ledger.GiveUp(node);
        await ReportAsync($"state=failed&message=cannot+do+{phase.Name}", cancellation);
        return false;
    }

    private async Task<bool> ConfigAsync(string script, CancellationToken cancellation)
    {
        var path = $"/{ConfigPath().Match(script).Groups["path"].Value}/{node.Mac}";
        if (await CurlAsync(path, stage.Phases.Config, cancellation) is not { } config)
        {
            return false;
        }

        if (!config.Text.Contains(node.HostName, StringComparison.Ordinal))
        {
            stage.Ledger.Fault($"{node.HostName} was given a config that does not name it");
        }

        return true;
    }

    private async Task<bool> ImageAsync(string script, CancellationToken cancellation)
    {
        var url = new Uri(ImageUrl().Match(script).Groups["url"].Value);
        http.Close();
        if (!await MachineFetch.TakeAsync(http, stage, node, url, cancellation))
        {
            stage.Phases.Image.Retry();
            return false;
        }

        http.Close();
        // nobody waits for the answer to this one
        await http.PostAsync($"/api/v1/report/{node.Mac}", MachineReport.Form, "state=installing&progress=66", cancellation);
        return true;
    }

    /// <summary>As curl with <c>--retry 5</c>, which does not ask again who is not there at all.</summary>
    private async Task<HttpAnswer?> CurlAsync(string path, Phase phase, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= TriesOfCurl; attempt++)
        {
            http.Close();
            var answer = await http.GetAsync(path, cancellation);
            if (answer is { IsGood: true })
            {
                return answer;
            }

            phase.Retry();
            if (answer is null or { Status: < 500 and not 429 })
            {
                stage.Ledger.Refuse(answer is null ? "" : $"{answer.Status} to {path}: {answer.Text}");
                break;
            }

            await Task.Delay(Pause, cancellation);
        }

        return null;
    }

    [GeneratedRegex(@"fetch ""\$bootstrapper/(?<path>ignition|cloud-config)/\$mac""")]
    private static partial Regex ConfigPath();

    [GeneratedRegex(@"^image_url='?(?<url>[^'\n]*)", RegexOptions.Multiline)]
    private static partial Regex ImageUrl();
}
