using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>
/// The API's description as other programs read it: Redocly's lint, and a client in TypeScript that is made of it. npm fetches
/// both once, as tests/npm/package-lock.json has them.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ApiClientTests : IAsyncLifetime
{
    private const string Skip = "node and npm are not installed";

    private readonly TemporaryDirectory _work = new();
    private TestDaemon _daemon = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster([.. Enumerable.Range(1, 3).Select(Sample.Node)]));
        foreach (var file in Directory.EnumerateFiles(Source()))
        {
            File.Copy(file, Path.Combine(_work.Path, Path.GetFileName(file)));
        }

        using var admin = await _daemon.OperatorAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_work.Path, "api.json"), await admin.GetStringAsync("/openapi/v1.json", Cancellation), Cancellation);
        await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _work.Dispose();
    }

    [Fact(SkipUnless = nameof(ExternalTools.NpmPresent), SkipType = typeof(ExternalTools), Skip = Skip)]
    public async Task A_linter_finds_no_fault_and_a_client_made_of_it_lists_changes_and_follows_nodes()
    {
        var lint = await RunAsync("node_modules/.bin/redocly", "lint", "--config=redocly.yaml", "api.json");
        Assert.Contains("Your API description is valid", lint, StringComparison.Ordinal);

        await RunAsync("node_modules/.bin/openapi-typescript", "api.json", "--output=api.d.ts");
        await RunAsync("node_modules/.bin/tsc", "--project", ".");
        var token = (await File.ReadAllTextAsync(_daemon.Bsroot.AdminToken, Cancellation)).Trim();
        Assert.Equal(
            """
            listed n3 configured, n2 configured, n1 configured
            held n2 true
            patched B7
            refused 409 n2 is on hold: release it first
            followed

            """,
            await RunAsync("node", "client.js", $"https://127.0.0.1:{_daemon.HttpsPort}", token));
    }

    /// <returns>What it said, of which nothing is lost where it failed.</returns>
    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(
            program.Contains('/', StringComparison.Ordinal) ? Path.Combine(_work.Path, program) : program, arguments)
        {
            WorkingDirectory = _work.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["NODE_EXTRA_CA_CERTS"] = _daemon.Bsroot.CaCertificate,
                ["REDOCLY_TELEMETRY"] = "off",
                ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true",
            },
        })!;
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        var said = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"{program}: {said}{await errors}");
        return program.EndsWith("redocly", StringComparison.Ordinal) ? said + await errors : said;
    }

    private static string Source([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "npm");
}
