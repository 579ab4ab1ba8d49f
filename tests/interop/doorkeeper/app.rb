# A real Doorkeeper, the OAuth 2 server that Zype runs, on Rails and Puma, with its tables in memory.
#
#     ruby app.rb --rotation until-first-use
#
# prints `listening on 127.0.0.1:PORT` and serves until it is stopped. Its only client and user come from the environment.

require "optparse"

begin
  require "puma"
  require "sqlite3"
  require "rails"
  require "active_record/railtie"
  require "action_controller/railtie"
  require "doorkeeper"
rescue LoadError => error
  abort "app.rb: #{error.message}"
end

# The rotation's name, and whether the table of access tokens has the column by which Doorkeeper chooses it.
ROTATIONS = { "until-first-use" => true, "single-use" => false }.freeze

arguments = { port: 0, lifetime: 7200 }
OptionParser.new do |parser|
  parser.on("--rotation NAME", ROTATIONS.keys, "when a refresh token dies: #{ROTATIONS.keys.join(' or ')}")
  parser.on("--lifetime SECONDS", Integer, "how long an access token lives; 7200 by default")
  parser.on("--port PORT", Integer, "0, the default, takes a free one")
end.parse!(into: arguments)
keep_previous = ROTATIONS.fetch(arguments.fetch(:rotation) { abort "app.rb: --rotation is missing" })
CLIENT_ID, CLIENT_SECRET, USERNAME, PASSWORD =
  %w[CLIENT_ID CLIENT_SECRET USERNAME PASSWORD].map do |name|
    value = ENV.fetch("DOORKEEPER_#{name}") { abort "app.rb: DOORKEEPER_#{name} is not in the environment" }
    # Whatever the locale: Rails has UTF-8 in its parameters.
    value.dup.force_encoding(Encoding::UTF_8)
  end

class App < Rails::Application
  config.root = __dir__
  config.eager_load = false
  config.api_only = true
  config.secret_key_base = SecureRandom.hex(64)
  # Requests hold passwords and tokens.
  config.logger = Logger.new(nil)
end

Doorkeeper.configure do
  orm :active_record
  api_only
  base_controller "ActionController::API"
  grant_flows %w[password]
  access_token_expires_in arguments[:lifetime]
  use_refresh_token
  default_scopes :consumer
  resource_owner_from_credentials do
    # There is one user; Doorkeeper asks for no more than an identifier.
    Struct.new(:id).new(1) if params[:username] == USERNAME && params[:password] == PASSWORD
  end
end

class MeController < ActionController::API
  before_action :doorkeeper_authorize!

  def show
    render json: { email: USERNAME }
  end

  private

  def doorkeeper_unauthorized_render_options(error:)
    { json: { error: error.name, error_description: error.description } }
  end
end

Rails.env = "production"
# One connection, and so one thread below: each connection to :memory: has tables of its own.
ENV["DATABASE_URL"] = "sqlite3::memory:?pool=1&reaping_frequency=0"
App.initialize!
App.routes.draw do
  use_doorkeeper { skip_controllers :applications, :authorized_applications, :authorizations }
  get "/api/me", to: "me#show"
end

# Doorkeeper's own migration, less the indexes and keys that only matter for large or damaged tables.
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :oauth_applications do |t|
    t.string :name, :uid, :secret, null: false
    t.text :redirect_uri
    t.string :scopes, null: false, default: ""
    t.boolean :confidential, null: false, default: true
    t.timestamps null: false
  end
  create_table :oauth_access_tokens do |t|
    t.references :resource_owner, :application
    t.string :token, null: false
    t.string :refresh_token, :scopes
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :previous_refresh_token, null: false, default: "" if keep_previous
  end
end
Doorkeeper::Application.create!(name: "till", uid: CLIENT_ID, secret: CLIENT_SECRET)
ActiveRecord::Base.clear_active_connections!

server = Puma::Server.new(App, Puma::Events.stdio, { min_threads: 1, max_threads: 1 })
port = server.add_tcp_listener("127.0.0.1", arguments[:port]).addr[1]
puts "listening on 127.0.0.1:#{port}"
$stdout.flush
server.run.join
