using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Registry.Tokens;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>What the real registry thinks of tokens.</summary>
[Trait("Category", "Slow")]
public sealed class RegistryTokensTests : RegistryFixture
{
    [RegistryFact]
    public async Task A_token_is_good_while_it_lives_and_not_afterwards()
    {
        Assert.Null(await AskAsync(Bsroot, age: TimeSpan.Zero));
        Assert.Null(await AskAsync(Bsroot, age: RegistryTokens.Lifetime - TimeSpan.FromSeconds(30)));
        Assert.Equal(
            HttpStatusCode.Unauthorized, await AskAsync(Bsroot, age: RegistryTokens.Lifetime + TimeSpan.FromSeconds(90)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(Bsroot, age: TimeSpan.FromMinutes(-5)));
    }

    [RegistryFact]
    public async Task A_token_that_another_key_signed_is_none()
    {
        using var elsewhere = new TemporaryDirectory();
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(new Bsroot(elsewhere.Path), age: TimeSpan.Zero));
    }

    /// <param name="signer">Where the key is.</param>
    /// <param name="age">How long ago the token was made.</param>
    /// <returns>The error; <c>null</c> where the registry looked for the image.</returns>
    private async Task<HttpStatusCode?> AskAsync(Bsroot signer, TimeSpan age)
    {
        using var key = TokenKey.Open(signer, TimeProvider.System);
        using var client = Speaking(new RegistryTokens(key, new ManualClock(TimeProvider.System.GetUtcNow() - age)));
        try
        {
            Assert.Null(await client.FindAsync(
                ImageReference.Parse($"{Server}/nothing:1"), TestContext.Current.CancellationToken));
            return null;
        }
        catch (HttpRequestException e)
        {
            return e.StatusCode;
        }
    }
}
