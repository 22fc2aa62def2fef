using System.Net;
using System.Text;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>What an operator does not say is not guessed: the first word of a list is an order like the others.</summary>
public sealed class RequiredFieldsTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        _admin = await _daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _daemon.DisposeAsync();
    }

    [Theory]
    [InlineData("power", "{}")]
    [InlineData("power", """{"power": null}""")]
    [InlineData("power", """{"power": 7}""")]
    [InlineData("power", """{"power": "2"}""")]
    [InlineData("power", """{"power": "reset"}""")]
    [InlineData("boot", "{}")]
    [InlineData("boot", """{"device": 1}""")]
    [InlineData("state", "{}")]
    [InlineData("state", """{"state": 4}""")]
    public async Task A_body_without_the_word_that_matters_is_a_bad_request(string what, string body)
    {
        using var answer = await PostAsync(what, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    /// <summary>It has no BMC.</summary>
    [Theory]
    [InlineData("power", """{"power": "cycle"}""")]
    [InlineData("boot", """{"device": "disk"}""")]
    public async Task And_with_it_it_is_an_order(string what, string body)
    {
        using var answer = await PostAsync(what, body);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string what, string body) => _admin.PostAsync(
        $"/api/v1/nodes/n1/{what}", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
}
