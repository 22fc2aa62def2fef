using System.Text;
using Bootstrapper.Pki;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>Who may see the dashboard's content, and for how long.</summary>
[Trait("Category", "Slow")]
public sealed class SignInTests(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task With_a_wrong_token_nobody_gets_in_and_with_a_right_one_to_where_they_wanted()
    {
        await OpenAsync(token: null, "machines?phase=configured");
        await Expect(Heading).ToHaveTextAsync("Sign in");
        await Expect(Page.GetByLabel("Token")).ToBeFocusedAsync();
        await SignInAsync("a-token-that-nobody-has");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Invalid token.");
        Assert.Empty(await Page.Context.CookiesAsync());

        await SignInAsync(OperatorToken);
        await Expect(Heading).ToHaveTextAsync("Machines");
        await Expect(Page.Locator("header")).ToContainTextAsync("otto operator");
        Assert.EndsWith("phase=configured", Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(OperatorToken, Page.Url, StringComparison.Ordinal);
        Assert.Equal("0", await Page.EvaluateAsync<string>(
            "String(localStorage.length + sessionStorage.length + document.cookie.length)"));
        var cookie = Assert.Single(await Page.Context.CookiesAsync());
        Assert.Equal((true, true, SameSiteAttribute.Strict), (cookie.HttpOnly, cookie.Secure, cookie.SameSite));
        Assert.DoesNotContain(OperatorToken, cookie.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_signs_out_leaves_nothing_behind()
    {
        await OpenAsync(token: null);
        await SignInAsync(ViewerToken);
        await Button("Sign out").ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Sign in");
        await Page.ReloadAsync();
        await Expect(Heading).ToHaveTextAsync("Sign in");
        Assert.Empty(await Page.Context.CookiesAsync());
    }

    [Fact]
    public async Task All_tabs_are_signed_in_and_out_together()
    {
        await OpenAsync(token: null);
        var other = await OpenTabAsync("network");
        await Expect(other.Locator("h1")).ToHaveTextAsync("Sign in");
        await SignInAsync(ViewerToken);
        await Expect(other.Locator("h1")).ToHaveTextAsync("Network");
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task A_token_that_is_taken_away_leads_back_to_the_form()
    {
        await OpenAsync(token: null);
        await SignInAsync(OperatorToken);
        await Expect(Heading).ToHaveTextAsync("Overview");
        File.Delete(Path.Combine(Daemon.Bsroot.Operators, "otto.operator"));
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You are signed out");
        await Expect(Heading).ToHaveTextAsync("Sign in");
        await Expect(Page.Locator("header")).Not.ToContainTextAsync("otto");
    }

    [Fact]
    public async Task A_browser_with_a_client_certificate_of_this_cluster_needs_no_token()
    {
        var authority = CertificateAuthority.Open(Daemon.Bsroot, Clock);
        var leaf = authority.Issue(
            new LeafProfile("olga") { Organizations = ["bootstrapper:operators"], Usage = LeafUsage.Client },
            TimeSpan.FromHours(12));
        await OpenAsync(token: null, options: new()
        {
            ClientCertificates = [new()
            {
                Origin = Address.TrimEnd('/'),
                Cert = Encoding.ASCII.GetBytes(leaf.CertificatePem),
                Key = Encoding.ASCII.GetBytes(leaf.KeyPem),
            }],
        });
        await Expect(Heading).ToHaveTextAsync("Overview");
        await Expect(Page.Locator("header")).ToContainTextAsync("olga operator");
    }

    private async Task SignInAsync(string token)
    {
        await Page.GetByLabel("Token").FillAsync(token);
        await Button("Sign in").ClickAsync();
    }
}
